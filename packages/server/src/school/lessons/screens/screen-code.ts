/**
 * Provides codes that a television shows and a person types on a phone: one of 2.5 × 10¹⁰. RFC 8628 section 6.1: consonants, which
 * make no words and no mistakes.
 */
import { typedCodes } from "../typed-code.ts";

export const { newCode: newScreenCode, readCode: readScreenCode } = typedCodes("BCDFGHJKLMNPQRSTVWXZ");
