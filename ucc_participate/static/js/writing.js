// Comforts while a proposal is written. The form works whole without this file.

const WAIT = 900;
const SHORTEST = 12;
const form = document.getElementById("proposal-form");

/** Shows what looks like the text, some time after the last key; the answer of an older question is left out. */
function lookForNear(box) {
  const list = box.querySelector("[data-near-list]");
  const [title, summary] = ["title", "summary"].map((name) => form.elements.namedItem(name));
  const token = form.elements.namedItem("csrf_token");
  let timer, asked = "", latest = 0;
  const look = async () => {
    const told = `${title.value}\n${summary.value}`;
    if (told === asked || title.value.trim().length < SHORTEST) return;
    asked = told;
    const number = ++latest;
    const body = new URLSearchParams({ title: title.value.slice(0, 300), summary: summary.value.slice(0, 800) });
    if (token) body.set("csrf_token", token.value);
    try {
      const answer = await fetch(box.dataset.near, { method: "POST", body, credentials: "same-origin" });
      if (number !== latest || !answer.ok || answer.redirected) return;
      const part = new DOMParser().parseFromString(await answer.text(), "text/html");
      list.replaceChildren(...part.body.childNodes);
      box.hidden = !list.querySelector("li");
    } catch { /* no network: the server looks once more before anything is sent */ }
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(look, WAIT); };
  for (const field of [title, summary]) field.addEventListener("input", later);
}

/** Fills latitude and longitude from where the person is, when they ask for it. */
function offerPosition(button) {
  const words = button.parentElement.querySelector("[data-position-words]");
  button.hidden = !navigator.geolocation;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.namedItem("latitude").value = coords.latitude.toFixed(5);
        form.elements.namedItem("longitude").value = coords.longitude.toFixed(5);
        words.textContent = "";
      },
      () => { words.textContent = button.dataset.failed; },
      { timeout: 15000 },
    );
  });
}

/** Shows only the choices of a long list that have the typed words; chosen ones stay. */
function narrow(line) {
  const input = line.querySelector("input");
  const rows = [...document.getElementById(line.dataset.narrow).querySelectorAll("label.choice")];
  line.hidden = false;
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  input.addEventListener("input", () => {
    const words = input.value.trim().split(/\s+/);
    for (const row of rows) {
      const fits = words.every((word) => row.textContent.includes(word));
      row.hidden = !fits && !row.querySelector("input").checked;
    }
  });
}

if (form) {
  document.querySelectorAll("[data-near]").forEach(lookForNear);
  document.querySelectorAll("[data-position]").forEach(offerPosition);
  document.querySelectorAll("[data-narrow]").forEach(narrow);
}
