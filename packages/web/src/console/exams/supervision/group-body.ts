/** Makes the body of a request for a group of candidates of the values of its form. */
import type { Values } from "../../list/fields-form.tsx";

export function groupBody(values: Values) {
  const ids = (name: string): string[] => (values[name] ?? "").split(" ").filter((id) => id !== "");
  return {
    name: (values["name"] ?? "").trim(),
    courseId: values["courseId"] || null,
    candidateIds: ids("candidateIds"),
    supervisorIds: ids("supervisorIds"),
  };
}
