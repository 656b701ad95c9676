/** Defines the configuration of captions: which engine hears what is said in lessons. docs/captions.md describes the engines. */
import { z } from "zod";

export const CAPTION_ENGINES = ["none", "command", "server"] as const;

export const captionsSchema = z
  .strictObject({
    /** none: no lesson has captions. command: a program on this machine. server: one that speaks OpenAI's audio API. */
    engine: z.enum(CAPTION_ENGINES).default("none"),
    /** A program and its arguments: 16 kHz sound on its standard input, lines of JSON on its standard output. */
    command: z.array(z.string().min(1)).max(50).default([]),
    server: z
      .strictObject({
        /** What comes before `/audio/transcriptions`, such as https://api.openai.com/v1. */
        url: z.union([z.literal(""), z.url({ protocol: /^https?$/ })]).default(""),
        /** Sent as a bearer token; empty: none. */
        secret: z.string().default(""),
        model: z.string().min(1).default("whisper-1"),
        /** An answer that takes longer is given up, and the sentence is asked for once more. */
        timeoutSeconds: z.number().min(1).max(120).default(10),
      })
      .prefault({}),
    /** The language that is spoken, as a tag such as en or zh-CN; empty: the engine finds out, or knows only one. */
    language: z
      .union([z.literal(""), z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, "is no language tag")])
      .default(""),
    /** So many lessons have captions at the same time, of all nodes together; the first ones. */
    atOnce: z.int().min(1).max(1000).default(4),
  })
  .refine(({ engine, command }) => engine !== "command" || command.length > 0, {
    path: ["command"],
    error: "is empty, and the engine is command",
  })
  .refine(({ engine, server }) => engine !== "server" || server.url !== "", {
    path: ["server", "url"],
    error: "is empty, and the engine is server",
  })
  .prefault({});
export type CaptionSettings = z.infer<typeof captionsSchema>;
