/** Defines the configuration of teaching materials: slides and pictures that teachers upload. */
import { z } from "zod";

const bytes = z.int().positive();

export const materialsSchema = z
  .strictObject({
    /** Of an uploaded file. */
    maxBytes: bytes.max(2_000_000_000).default(209_715_200),
    maxPages: z.int().min(1).max(300).default(300),
    /** So many are converted at once, on each node; more than one only where cores are idle. */
    atOnce: z.int().min(1).max(16).default(4),
    /** Of the programs that convert a file. */
    memoryBytes: bytes.min(268_435_456).default(1_073_741_824),
    /** A conversion is given up after so long. */
    timeSeconds: z.number().min(10).max(7200).default(900),
    /** required: a machine on which programs cannot be closed off converts nothing. off: they run with limits only. */
    sandbox: z.enum(["required", "off"]).default("required"),
    /** Looks at each file before it is converted. */
    scanner: z
      .strictObject({
        /** A command with `{file}` in it: exit code 0 means clean, 1 that something was found. Empty: none. */
        command: z.array(z.string().min(1)).max(50).default([]),
        /** ClamAV's daemon: the path of its socket, or HOST:PORT. Empty: none. */
        clamd: z.string().default(""),
      })
      .prefault({}),
  })
  .prefault({});
