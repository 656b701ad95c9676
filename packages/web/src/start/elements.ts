/** Makes the elements of the start page, which has no React: it is there at once on slow devices. */

export function text(tag: string, content: string, className = ""): HTMLElement {
  const node = document.createElement(tag);
  node.textContent = content;
  if (className !== "") node.className = className;
  return node;
}

export function link(href: string, content: string, className = "button"): HTMLElement {
  const node = text("a", content, className);
  node.setAttribute("href", href);
  return node;
}

export function box(className: string, ...children: readonly Node[]): HTMLElement {
  const node = document.createElement("section");
  node.className = className;
  node.append(...children);
  return node;
}

type CodeField = {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly pattern: string;
};

/** A field for a code, with its label above and its hint below. */
export function codeField({ id, label, hint, value, pattern }: CodeField) {
  const input = document.createElement("input");
  Object.assign(input, { id, name: id, required: true, autocomplete: "off", spellcheck: false, value, pattern, title: hint });
  input.setAttribute("autocapitalize", "characters");
  input.setAttribute("aria-describedby", `${id}-hint`);
  const named = document.createElement("label");
  named.htmlFor = id;
  named.textContent = label;
  const help = text("small", hint);
  help.id = `${id}-hint`;
  const field = document.createElement("div");
  field.className = "field";
  field.append(named, input, help);
  return { field, input };
}
