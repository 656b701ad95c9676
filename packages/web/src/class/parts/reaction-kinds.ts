/** Provides the reactions that a person can send, and how they look. */

export const REACTIONS = ["up", "heart", "clap", "laugh", "faster", "slower", "lost"] as const;
export type Reaction = (typeof REACTIONS)[number];

export const REACTION_EMOJI: Readonly<Record<Reaction, string>> = {
  up: "👍",
  heart: "❤️",
  clap: "👏",
  laugh: "😄",
  faster: "⏩",
  slower: "🐢",
  lost: "❓",
};

/** Null for a reaction that this page does not know. */
export function emojiOf(reaction: string | null): string | null {
  const known = REACTIONS.find((one) => one === reaction);
  return known ? REACTION_EMOJI[known] : null;
}
