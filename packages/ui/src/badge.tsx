/** Shows a state as one word. `on-air` has the point of what is live. */
import type { ReactNode } from "react";

type Tone = "neutral" | "accent" | "success" | "warning" | "danger" | "on-air";

export function Badge({ tone = "neutral", children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return <span className={`state-badge ${tone}`}>{children}</span>;
}
