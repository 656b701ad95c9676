/** Reads what the server has put into the page of a launch: which step it is, and the fields that the platform sent. */

export type PageData = {
  /** login: a platform begins a launch. launch: it has said who the person is. window: this window takes over from a frame. */
  readonly step: "login" | "launch" | "window";
  readonly schoolId: string;
  /** As `application/x-www-form-urlencoded`. */
  readonly form: string;
  /** The origin of the platform's frame that stores for tools; empty: unknown. */
  readonly storageOrigin: string;
};

/** @param text JSON of the server; anything else is a launch without fields, which the server refuses in words */
export function readPageData(text: string): PageData {
  const none: PageData = { step: "launch", schoolId: "", form: "", storageOrigin: "" };
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === "object" && data !== null ? { ...none, ...data } : none;
  } catch {
    return none;
  }
}

/** The name of the platform's frame that stores for tools: from the platform's fields, or from the state; empty: none. */
export function storageTargetOf(form: string): string {
  const fields = new URLSearchParams(form);
  return fields.get("lti_storage_target") ?? fields.get("state")?.split(".")[2] ?? "";
}
