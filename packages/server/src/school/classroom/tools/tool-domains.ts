/** Lists the domains of tools that staff use and everybody sees: the timer, picking a student, stars, dice, the order of speakers. */
import type { Domain } from "../domain.ts";
import { diceDomain } from "./dice.ts";
import { orderDomain } from "./order.ts";
import { pickDomain } from "./pick.ts";
import { starDomain } from "./star.ts";
import { timerDomain } from "./timer.ts";

export function toolDomains(): Domain[] {
  return [timerDomain() as Domain, pickDomain() as Domain, starDomain() as Domain, diceDomain() as Domain, orderDomain() as Domain];
}
