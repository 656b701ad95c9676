/** Defines how a route speaks that follows another standard than the API's own: the type of its bodies, and how it refuses. */
import type { Language } from "../messages/language.ts";
import type { Refusal } from "../refusal.ts";

export type BodyForm = {
  /** The media type of its answers; its bodies have it too, or that of JSON. Its answers have tags of their own. */
  readonly type: string;
  /** The body of a refusal. */
  readonly refusalOf: (refusal: Refusal, language: Language) => unknown;
};

declare module "fastify" {
  interface FastifyContextConfig {
    readonly bodyForm?: BodyForm;
  }
}
