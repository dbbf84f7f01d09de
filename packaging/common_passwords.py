"""Writes the list of long passwords that attackers try first, from our own words and the ways in which people
make a short password long. Run it after a change here: python packaging/common_passwords.py"""

import unicodedata
from pathlib import Path

LIST = Path(__file__).parents[1] / "factorypos_tui" / "server" / "security" / "common_passwords.txt"
SHORTEST = 12
WORDS = """
password passwort contraseña contrasena passw0rd p@ssw0rd p@ssword mypassword qwerty qwertyuiop asdfgh
asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc 1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx q1w2e3r4 qwer asdf abc abcd
abcdef admin administrator administrador root user usuario guest invitado test testing prueba demo default
changeme cambiame temporal secret secreto access acceso login letmein welcome bienvenido bienvenidos hello
hola master iloveyou tequiero teamo teamomucho loveyou princess princesa sunshine superman batman spiderman
pokemon starwars dragon monkey football futbol baseball basketball soccer barcelona realmadrid atletico
madrid sevilla valencia liverpool arsenal chelsea juventus boca river america mexico argentina colombia
espana españa london paris newyork computer internet google facebook microsoft samsung iphone android
windows ubuntu linux server servidor database backup office oficina company empresa business tienda store
shop shopping bar cafe cafeteria restaurant restaurante hotel pizza cocina terraza camarero cajero caja cash
cashier register terminal till factory factorypos factorycloud unicenta openbravo pos tpv ventas sales
summer winter spring autumn verano invierno primavera otoño january february march april june july august
september october november december enero febrero marzo abril mayo junio julio agosto septiembre octubre
noviembre diciembre monday tuesday wednesday thursday friday saturday sunday lunes martes miercoles jueves
viernes sabado domingo maria jose antonio manuel francisco carmen juan pedro pablo miguel carlos alberto
fernando alejandro alejandra roberto ricardo eduardo guadalupe cristina daniela gabriela valentina sebastian
santiago michael jennifer jessica jordan ashley charlie thomas daniel andrew joshua matthew anthony william
samantha elizabeth victoria alexander christopher estrella mariposa chocolate butterfly flower forever
family familia amor love angel angelito jesus jesucristo diosesamor dios blessed freedom libertad whatever
trustno1 ninja shadow killer hunter phoenix matrix money dinero gold silver diamond mustang ferrari mercedes
corvette maverick yamaha harley
"""
ENDS = """
1 12 123 1234 12345 123456 1234567 12345678 123456789 1234567890 123123 123321 321 4321 54321 654321 0 00
000 0000 007 01 11 111 1111 22 69 77 777 7777 88 99 2020 2021 2022 2023 2024 2025 2026 2027 1980 1985 1990
1995 2000 ! !! 1! 12! 123! 1234! 12345! 123456! 2024! 2025! 2026! 2027! @123 @1234 @2024 @2025 @2026 #1 . *
abc xyz qwerty admin
"""
ALONE = """
correcthorsebatterystaple passwordpassword thisismypassword mypassword123 mypasswordis myp@ssword123
nomeacuerdo nosecualponer noteladigo laclavedesiempre lacontraseña micontraseña micontrasena miclavesecreta
esunsecreto iloveyousomuch iloveyouforever ilovejesus123 teamoconlocura tequieromucho teamomucho123
letmeinplease opensesame123 abretesesamo1 qwertyuiop[] qwertyuiop123 qwertyuiopasdfghjkl
qwertyuiopasdfghjklzxcvbnm qwerty123456 123qweasdzxc qweasdzxc123 1qaz2wsx3edc 1qaz2wsx3edc4rfv qazwsxedcrfv
qazwsxedc123 zaq1xsw2cde3 1q2w3e4r5t6y 1q2w3e4r5t6y7u q1w2e3r4t5y6 a1b2c3d4e5f6 abcd12345678 abc123456789
abcdefghijkl abcdefghijklmnop a123456789012 aa1234567890 asdfghjkl123 asdfghjklzxcvbnm zxcvbnm12345
0987654321qwerty p@ssw0rd1234 p@$$w0rd1234 adminadmin123 administrator1 rootroot1234 useruseruser
testtesttest testpassword temppassword newpassword1 changemenow1 changethisnow welcometothe supersecret1
supersecreto topsecret123 factorypos123 factorycloud1 puntodeventa puntodeventa1 cajaregistradora
"""


def passwords() -> list[str]:
    words = WORDS.split()
    ended = [word + end for end in ENDS.split() for word in words]
    doubled = [word + word for word in words]
    both = [
        first + second for first in ("my", "mi", "the", "super", "123", "1234", "12345") for second in words
    ]
    found = dict.fromkeys(_one_form(word) for word in [*ALONE.split(), *words, *doubled, *ended, *both])
    return [word for word in found if len(word) >= SHORTEST]


def _one_form(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()


if __name__ == "__main__":
    LIST.write_text("\n".join(passwords()) + "\n", encoding="utf-8")
