"""What a person is called, and in which language."""

from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.forms import Form, Language, Name
from factorypos_tui.server.domain.strangers import note
from factorypos_tui.server.storage.tables import Account


class Profile(Form):
    name: Name
    language: Language


def change_profile(cloud: Cloud, account: Account, form: Profile) -> None:
    with cloud.database.connection_context(), cloud.database.atomic():
        changed = Account.update(name=form.name, language=form.language).where(Account.id == account.id)
        changed.execute(cloud.database)
        note(cloud, account.id, "account.changed", account.id)
