/* The QR code of a slip carries number and code after the #, which never reaches the server or
   its logs; it is filled in and taken out of the address at once. The tap stays the reader's. */
const [number, code] = decodeURIComponent(location.hash.slice(1)).split("/");
if (number && code) {
  const fields = document.forms.slip.elements;
  fields.number.value = number;
  fields.code.value = code;
  history.replaceState(null, "", location.pathname);
}
