/** Tells what the page is about: the second part of its address, such as a lesson's code in `/class/CODE`. */
export function pageSubject(): string {
  return decodeURIComponent(location.pathname.split("/")[2] ?? "");
}
