/** DOM helpers for the controls of both players: icon buttons, and updates that touch the DOM only when something differs. */

export const ICONS = {
  play: "M8 5v14l11-7z",
  pause: "M6 5h4v14H6zM14 5h4v14h-4z",
  sound: "M4 9v6h4l5 4V5L8 9zM16 8.5a5 5 0 0 1 0 7M18.5 6a8.5 8.5 0 0 1 0 12",
  silent: "M4 9v6h4l5 4V5L8 9zM16 9.5l5 5M21 9.5l-5 5",
  pip: "M3 5h18v14H3zM12 12h7v5h-7z",
  quality: "M4 7h8M17 7h3M4 12h2M11 12h9M4 17h10M19 17h1M14.5 4.5v5M8.5 9.5v5M16.5 14.5v5",
  full: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
} as const;

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

/** @param drawing one of `ICONS` */
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
