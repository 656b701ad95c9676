/** Provides the roles for the values of a claim, as one line of text: `staff=teacher, pupils=student`. */

const ROLES = ["administrator", "teacher", "assistant", "supervisor", "student"] as const;
type Role = (typeof ROLES)[number];

export function formatRoleMap(map: Readonly<Record<string, string>>): string {
  return Object.entries(map)
    .map(([value, role]) => `${value}=${role}`)
    .join(", ");
}

/** Null where a part names no role. */
export function parseRoleMap(text: string): Record<string, Role> | null {
  const map: Record<string, Role> = {};
  for (const part of text.split(/[,\n]/)) {
    if (part.trim() === "") continue;
    const equals = part.lastIndexOf("=");
    const role = ROLES.find((one) => one === part.slice(equals + 1).trim());
    const value = part.slice(0, Math.max(equals, 0)).trim();
    if (!role || value === "") return null;
    map[value] = role;
  }
  return map;
}
