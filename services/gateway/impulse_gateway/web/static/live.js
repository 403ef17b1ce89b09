// Live events: new activities come on top of the list, counters change. The page works without.
const list = document.querySelector("[data-live]");
const status = document.querySelector("[data-live-status]");
const pause = document.querySelector("[data-live-pause]");
const empty = document.querySelector("[data-live-empty]");
const limit = Number(list.dataset.limit);
let held = null;

function show(state) {
  status.textContent = status.dataset[state];
  status.dataset.state = state;
}

function add(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const item of template.content.querySelectorAll("li")) {
    if (document.getElementById(item.id)) item.remove();
    else item.classList.add("fresh");
  }
  list.prepend(template.content);
  while (list.children.length > limit) list.lastElementChild.remove();
  if (list.children.length > 0) empty.hidden = true;
}

const source = new EventSource(list.dataset.live);
source.addEventListener("open", () => show(held === null ? "on" : "held"));
source.addEventListener("error", () => show("off"));
source.addEventListener("activity", (event) => {
  if (held === null) add(event.data);
  else held = [event.data, ...held].slice(0, limit);
});
source.addEventListener("counters", (event) => {
  if (held !== null) return;
  for (const [name, value] of Object.entries(JSON.parse(event.data))) {
    const counter = document.querySelector(`[data-counter="${name}"]`);
    if (counter && counter.textContent !== value) counter.textContent = value;
  }
});

pause.hidden = false;
pause.addEventListener("click", () => {
  if (held === null) {
    held = [];
    pause.textContent = pause.dataset.go;
    show("held");
  } else {
    for (const html of held.reverse()) add(html);
    held = null;
    pause.textContent = pause.dataset.hold;
    show("on");
  }
});

// A page that is left closes its stream at once, and one that comes back from memory starts anew.
addEventListener("pagehide", () => source.close());
addEventListener("pageshow", (event) => event.persisted && location.reload());
