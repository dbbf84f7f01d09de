"""The page behind the link in the reset mail; the code stays in the address's fragment, which no log sees."""

import base64
import hashlib

from fastapi.responses import HTMLResponse

_SCRIPT = """
document.querySelector("form").addEventListener("submit", async event => {
  event.preventDefault();
  const says = document.querySelector("output");
  const answer = await fetch("/v1/password-resets/confirm", {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify({token: location.hash.slice(1), password: document.querySelector("input").value}),
  }).catch(() => null);
  if (answer && answer.ok) {
    says.textContent = "Done. Log in with the new password. / Hecho. Entra con la contraseña nueva.";
  } else if (answer) {
    const problem = await answer.json();
    says.textContent = (problem.fields || []).map(field => field.message).join(" ") || problem.detail;
  } else {
    says.textContent = "No connection; try again. / Sin conexión; inténtalo otra vez.";
  }
});
"""

_PAGE = f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>FactoryCLOUD</title>
<h1>FactoryCLOUD</h1>
<form><label>New password / Contraseña nueva
<input type="password" minlength="8" maxlength="256" autocomplete="new-password" required></label>
<button>OK</button></form>
<p><output></output></p>
<script>{_SCRIPT}</script>
</html>
"""

_POLICY = (
    "default-src 'none'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    f"script-src 'sha256-{base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()}'"
)


def reset_page() -> HTMLResponse:
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer"})
