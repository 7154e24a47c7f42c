/* Where the browser has no passkeys (old, or not on https), their buttons are not offered; where
   one fails, a sentence says so. The ceremony itself is the library's. */
const able = Boolean(window.PublicKeyCredential);
document.querySelectorAll("[data-passkey]").forEach((part) => { part.hidden = !able; });
document.querySelectorAll("[data-no-passkey]").forEach((part) => { part.hidden = able; });
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const line = document.querySelector("[data-passkey-error]");
  if (!line) return;
  line.hidden = false;
  line.focus();
});
