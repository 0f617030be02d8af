"use strict";
// Sorts and filters the tables, and reloads a page that is still being written. Everything is on the page without it.
const collator = new Intl.Collator(undefined, { numeric: true });
const number = (cell) => parseFloat(cell.textContent.replace(/[<>\s]/g, ""));
const mark = (cell) => ".?x/+".indexOf(cell.textContent);

function sort(table, head, column) {
  const upwards = head.getAttribute("aria-sort") !== "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", upwards ? "ascending" : "descending");
  const sign = upwards ? 1 : -1;
  const isText = head.dataset.kind === "text";
  const keyed = [...table.tBodies[0].rows].map((row) => {
    const cell = row.cells[column];
    return [isText ? cell.textContent : head.dataset.kind === "mark" ? mark(cell) : number(cell), row];
  });
  // What is no number comes last, whichever way.
  const byNumber = ([a], [b]) => (isNaN(a) ? (isNaN(b) ? 0 : 1) : isNaN(b) ? -1 : sign * (a - b));
  keyed.sort(isText ? ([a], [b]) => sign * collator.compare(a, b) : byNumber);
  table.tBodies[0].append(...keyed.map(([, row]) => row));
}

function filter(table, words, told) {
  const wanted = words.toLowerCase();
  let left = 0;
  for (const row of table.tBodies[0].rows) {
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
    left += !row.hidden;
  }
  told.textContent = wanted ? `${left} of ${table.tBodies[0].rows.length} rows` : "";
}

// A column for each check, where one has the letters of several, and a link at each name: so many are made when they are looked at.
function spread(table) {
  const heads = table.tHead.rows[0];
  const others = document.querySelectorAll(`#${CSS.escape(table.id.replace("marks", "students"))} tbody a`);
  const links = new Map([...others].map((link) => [link.textContent.trim(), link]));
  for (const { cells: [name] } of table.tBodies[0].rows) {
    const link = links.get(name.textContent.trim());
    if (link) name.replaceChildren(link.cloneNode(true));
  }
  for (let column = heads.cells.length - 1; column > 0; column--) {
    const checks = [...heads.cells[column].querySelectorAll("li")];
    const exercise = heads.cells[column].firstChild.textContent;
    heads.cells[column].replaceWith(...checks.map((check) => {
      const head = document.createElement("th");
      head.scope = "col";
      head.dataset.kind = "mark";
      head.className = "text";
      head.append(`${exercise}: `, ...check.childNodes);
      return head;
    }));
    for (const row of table.tBodies[0].rows) {
      row.cells[column].replaceWith(...[...row.cells[column].textContent.trim()].map((letter) => {
        const cell = document.createElement("td");
        cell.className = "m";
        cell.textContent = letter;
        return cell;
      }));
    }
  }
}

function makeSortable(table) {
  if (table.tBodies[0].rows.length < 2) return;
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(table, head, column));
    head.append(button);
  });
}

for (const table of document.querySelectorAll("table")) {
  if (!table.tHead.querySelector("[data-kind=marks]")) makeSortable(table);
  else
    table.closest("details").addEventListener("toggle", () => {
      spread(table);
      makeSortable(table);
    }, { once: true });
}

for (const tools of document.querySelectorAll(".tools")) {
  const [input, told] = [tools.querySelector("input"), tools.querySelector("output")];
  input.addEventListener("input", () => filter(document.getElementById(tools.dataset.table), input.value, told));
  tools.hidden = false;
}

const stop = document.getElementById("stop");
if (stop) {
  let goesOn = true;
  const change = (to) => {
    goesOn = to;
    stop.textContent = goesOn ? "Stop reloading" : "Go on reloading";
  };
  // Whoever sorts, filters or opens something wants to read it.
  document.addEventListener("input", () => change(false));
  document.addEventListener("click", (event) => change(event.target === stop && !goesOn));
  setInterval(() => goesOn && location.reload(), 1000 * Number(stop.dataset.seconds));
  stop.hidden = false;
}
