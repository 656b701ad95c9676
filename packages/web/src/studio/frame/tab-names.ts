/** Defines the tabs of the class, in their order. */
export const TAB_NAMES = ["chat", "questions", "quiz", "people", "tools", "review"] as const;
export type TabName = (typeof TAB_NAMES)[number];
