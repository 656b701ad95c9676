/** Defines what the routes of accounts need. */

import type { RouteContext } from "../../foundation/requests/route-context.ts";
import type { HourlyLimits } from "../limits/hourly-limits.ts";
import type { Mail } from "./mail.ts";
import type { SignInService } from "./sign-in.ts";

export type AccountContext = RouteContext & {
  readonly signIn: SignInService;
  readonly mail: Mail;
  readonly hourly: HourlyLimits;
};
