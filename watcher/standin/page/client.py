"""What a browser sees after auto-login: who is signed in. A real Watcher shows its pages."""

from watcher.standin.page.markup import Reader, document

PATH = "/watcher/client/"
SCRIPT_PATH = "/standin/client.js"
SCRIPT = """
const said = document.querySelector("[data-signed-in]");
const base = "/watcher/client-api/v3";
const token = new URLSearchParams(location.hash.split("?")[1]).get("autologin_token");
const answer = await fetch(`${base}/autologin`, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ autologin_token: token }),
});
history.replaceState(null, "", location.pathname);
if (answer.ok) {
  const { access_token } = await answer.json();
  const headers = { Authorization: `Bearer ${access_token}` };
  const { name } = await (await fetch(`${base}/profile`, { headers })).json();
  said.textContent = said.dataset.signedIn.replace("NAME", name);
} else {
  said.textContent = said.dataset.refused;
}
"""
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)


def client_page(reader: Reader) -> str:
    """Return the page that signs in with the token in the fragment of its address."""
    said = reader.say("signed_in", name="NAME")
    main = (
        f'<p class="notice" role="status" data-signed-in="{said}" '
        f'data-refused="{reader["not_signed_in"]}">{reader["signing_in"]}</p>'
        f'<script type="module" src="{SCRIPT_PATH}"></script>'
    )
    return document(reader, main)


def signed_in_page(reader: Reader, name: str) -> str:
    """Return the page of somebody whom API v2 has signed in; "" is nobody."""
    if not name:
        return document(reader, "", error=reader["not_signed_in"])
    return document(reader, "", notice=reader.say("signed_in", name=name))
