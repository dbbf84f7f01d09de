"""The page behind the link in the reset mail. The token stays in the fragment, which no log sees."""

import base64
import hashlib
import json
from functools import cache
from html import escape

from fastapi.responses import HTMLResponse

from factorypos_tui.server.words import marked, spoken, told_in

_SCRIPT = """
document.querySelector("form").addEventListener("submit", async event => {
  event.preventDefault();
  const says = document.querySelector("output");
  const answer = await fetch("/v1/password-resets/confirm", {
    method: "POST",
    headers: {"Content-Type": "application/json", "Accept-Language": document.documentElement.lang},
    body: JSON.stringify({token: location.hash.slice(1), password: document.querySelector("input").value}),
  }).catch(() => null);
  if (answer && answer.ok) {
    says.textContent = DONE;
  } else if (answer) {
    const problem = await answer.json();
    says.textContent = (problem.fields || []).map(field => field.message).join(" ") || problem.detail;
  } else {
    says.textContent = NO_CONNECTION;
  }
});
"""
_DONE = marked("Done. Log in with the new password.")
_NO_CONNECTION = marked("No connection; try again.")
_NEW_PASSWORD = marked("New password")
_CHANGE = marked("Change password")


def reset_page() -> HTMLResponse:
    page, policy = _page(spoken())
    return HTMLResponse(page, headers={"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"})


@cache
def _page(language: str) -> tuple[str, str]:
    """The page, and the policy that lets only its own script run."""
    words = {"DONE": _DONE, "NO_CONNECTION": _NO_CONNECTION}
    script = _SCRIPT
    for name, text in words.items():
        script = script.replace(name, json.dumps(told_in(language, text)))
    label, change = (escape(told_in(language, text)) for text in (_NEW_PASSWORD, _CHANGE))
    page = f"""<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>FactoryCLOUD</title>
<h1>FactoryCLOUD</h1>
<form><label>{label}
<input type="password" minlength="8" maxlength="256" autocomplete="new-password" required></label>
<button>{change}</button></form>
<p><output></output></p>
<script>{script}</script>
</html>
"""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return page, (
        "default-src 'none'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"script-src 'sha256-{digest}'"
    )
