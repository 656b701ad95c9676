/** Provides join codes of lessons, such as `K7MP2XQF`. With 8.5 × 10¹¹ of them, limits on attempts make guessing hopeless. */
import { typedCodes } from "./typed-code.ts";

/** Without characters that look alike: 0 and O, 1, I and L. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

export const { newCode, readCode } = typedCodes(ALPHABET);
