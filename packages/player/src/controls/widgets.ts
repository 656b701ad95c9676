/** Provides DOM helpers for the controls of both players: icon buttons, and updates that touch the DOM only when something differs. */

export function element(tag: string, className: string): HTMLElement {
  const node = document.createElement(tag);
  if (className) node.className = className;
  return node;
}

export function textButton(className: string, text: string, action: () => void): HTMLButtonElement {
  const node = document.createElement("button");
  node.type = "button";
  node.className = className;
  node.textContent = text;
  node.addEventListener("click", action);
  return node;
}

export function iconButton(className: string, drawing: string, action: () => void): HTMLButtonElement {
  const node = textButton(className, "", action);
  node.append(icon(drawing));
  return node;
}

/** @param drawing of `@lectern/ui/icons` */
export function icon(drawing: string): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", drawing);
  svg.append(path);
  return svg;
}

export function setIcon(node: HTMLButtonElement, drawing: string): void {
  const path = node.querySelector("path");
  if (path && path.getAttribute("d") !== drawing) path.setAttribute("d", drawing);
}

export function setLabel(node: HTMLElement, text: string): void {
  if (node.title === text) return;
  node.title = text;
  node.setAttribute("aria-label", text);
}

/** Leaves what is so already alone: browsers look for the styles of an element again whenever `hidden` is set, also to what it was. */
export function setHidden(node: HTMLElement, isHidden: boolean): void {
  if (node.hidden !== isHidden) node.hidden = isHidden;
}

/** Leaves an equal text alone: a screen reader would read it again. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
