/** Finds the platforms of a school, and the origins whose pages may frame a launch. */
import { RefusalError } from "../../../platform/api/server.ts";
import { ltiText } from "../../foundation/messages/lti-texts.ts";
import type { LtiPlatform } from "../../foundation/store/lti-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { platformOfState } from "./launch-flow.ts";

/** Platforms that are enabled, of schools that are not archived. */
function activePlatforms(db: Db) {
  return db
    .selectFrom("lti_platforms")
    .innerJoin("schools", "schools.id", "lti_platforms.school_id")
    .selectAll("lti_platforms")
    .where("lti_platforms.enabled", "=", true)
    .where("schools.archived_at", "is", null);
}

/** @throws RefusalError launch-failed, also where the school is archived or the platform is disabled */
export async function activePlatform(db: Db, platformId: string): Promise<LtiPlatform> {
  const platform = await activePlatforms(db).where("lti_platforms.id", "=", platformId).executeTakeFirst();
  if (!platform) throw unknownPlatform();
  return platform;
}

/**
 * The platform that begins a launch. An issuer can have several clients here, and then says which one it is.
 * @throws RefusalError launch-failed
 */
export async function platformOfLogin(db: Db, schoolId: string, issuer: string, clientId: string): Promise<LtiPlatform> {
  const ofIssuer = activePlatforms(db).where("lti_platforms.school_id", "=", schoolId).where("issuer", "=", issuer);
  const found = await (clientId === "" ? ofIssuer : ofIssuer.where("client_id", "=", clientId)).limit(2).execute();
  const [platform, another] = found;
  if (!platform || another) throw unknownPlatform();
  return platform;
}

function unknownPlatform(): RefusalError {
  return new RefusalError("launch-failed", ltiText("no-such-platform"));
}

/** The origins whose pages may frame a launch, and to which deep linking may send its answer. */
export function originsOf({
  issuer,
  login_url,
  origins,
}: Pick<LtiPlatform, "issuer" | "login_url" | "origins">): readonly string[] {
  return [...new Set([issuer, login_url, ...origins].flatMap(originOf))];
}

function originOf(address: string): readonly string[] {
  if (!URL.canParse(address)) return [];
  const { protocol, origin } = new URL(address);
  return protocol === "https:" || protocol === "http:" ? [origin] : [];
}

/** What the page of a launch needs to know of its platform before anybody is known. */
export type LaunchPage = {
  /** Origins whose pages may frame the page, and to which its forms may go. */
  readonly origins: readonly string[];
  /** The origin of the platform's frame that stores for tools. */
  readonly storageOrigin: string;
};

/**
 * The platform of a page: of a login, by the fields with which the platform begins it, or of a launch, by its state. Null where there is none.
 * @param form the fields, as `application/x-www-form-urlencoded`
 * @param schoolId of a login; null: a launch
 */
export async function launchPage(db: Db, form: string, schoolId: string | null): Promise<LaunchPage | null> {
  const fields = new URLSearchParams(form);
  try {
    const platform =
      schoolId === null
        ? await activePlatform(db, platformOfState(fields.get("state") ?? "") ?? "")
        : await platformOfLogin(db, schoolId, fields.get("iss") ?? "", fields.get("client_id") ?? "");
    return { origins: originsOf(platform), storageOrigin: new URL(platform.login_url).origin };
  } catch (error) {
    if (error instanceof RefusalError) return null;
    throw error;
  }
}
