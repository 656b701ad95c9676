/** Provides candidates as a fragment of SDP, for trickle ICE: RFC 8840 section 9, RFC 9725 section 4.3.1. */

export type Candidate = { readonly candidate: string; readonly mid: string };

/** @param description of this side, which the candidates belong to */
export function writeFragment(description: string, candidates: readonly Candidate[]): string {
  const attribute = (name: string) => new RegExp(`^a=${name}:.*$`, "m").exec(description)?.[0] ?? "";
  const mids = [...new Set(candidates.map(({ mid }) => mid))];
  const lines = [attribute("ice-ufrag"), attribute("ice-pwd")];
  for (const mid of mids) {
    const media = description.split(/\r?\n(?=m=)/).find((part) => new RegExp(`^a=mid:${mid}\\r?$`, "m").test(part));
    lines.push(/^m=.*/.exec(media ?? "")?.[0].trim() ?? "m=audio 9 UDP/TLS/RTP/SAVPF 0", `a=mid:${mid}`);
    for (const { candidate, mid: of } of candidates) if (of === mid) lines.push(`a=${candidate}`);
  }
  return `${lines.map((line) => line.trim()).join("\r\n")}\r\n`;
}
