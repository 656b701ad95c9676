/** Orders nodes for a stream by rendezvous hashing with 32-bit hashes, which take tens of nanoseconds. */

/** The rank of a node for a stream. The node with the highest rank is the first. */
export function rankOf(streamHash: number, nodeHash: number): number {
  return mix(streamHash ^ nodeHash);
}

/** A different number for each request. @param asked number of requests so far */
export function saltOf(asked: number): number {
  return mix(asked);
}

/** Order of the spare candidates of one request. The highest comes first. */
export function spareRankOf(rank: number, salt: number): number {
  return mix(rank ^ salt);
}

/** 32 bits: FNV-1a (Fowler, Noll and Vo; RFC 9923). */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** The finalizer of MurmurHash3 (Appleby): each input bit changes about half of the output bits. */
function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
