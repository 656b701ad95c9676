/**
 * Generates the same random numbers from the same seed in every browser and on the server: xoshiro128** 1.1 by David Blackman and Sebastiano Vigna
 * (https://prng.di.unimi.it/xoshiro128starstar.c, public domain), its state filled by SplitMix32 as its authors advise for short seeds.
 */

export type Random = {
  /** 0 to 2^32 - 1. */
  readonly next: () => number;
  /** 0 to bound - 1, each as likely. */
  readonly below: (bound: number) => number;
  /** 0 to 1, without 1, of 53 bits. */
  readonly fraction: () => number;
};

const RANGE = 2 ** 32;

/** @param seed 32 bits; of others only the lowest 32 count */
export function seededRandom(seed: number): Random {
  const split = splitMix32(seed);
  return xoshiro128([split(), split(), split(), split()]);
}

/** @param state four numbers of 32 bits, not all 0 */
export function xoshiro128(state: readonly [number, number, number, number]): Random {
  let [a, b, c, d] = state;
  const next = (): number => {
    const result = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotated(d, 11);
    return result;
  };
  const below = (bound: number): number => {
    // The last incomplete run of numbers would make small ones more likely.
    const end = RANGE - (RANGE % bound);
    let value = next();
    while (value >= end) value = next();
    return value % bound;
  };
  return { next, below, fraction: () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53 };
}

function rotated(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** The finalizer of MurmurHash3 over a Weyl sequence. */
function splitMix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
}
