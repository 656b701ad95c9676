/** Shows what an account without its second factor must set up before anything else, and the way on when that is done. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { hasPasskeys } from "../../session/passkey-support.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { Passkeys } from "./passkeys.tsx";
import { SecondFactor } from "./second-factor.tsx";

export function RequiredFactor() {
  const { t } = useTranslation();
  const factor = useQuery({ queryKey: ["second-factor"], queryFn: () => unwrap(api().GET("/api/v1/me/second-factor")) });
  const isDone = factor.data !== undefined && (factor.data.on || factor.data.passkeys > 0);
  return (
    <>
      <SecondFactor />
      {isDone ? (
        <a className="button primary" href="/console">
          {t("continue")}
        </a>
      ) : null}
      {hasPasskeys() ? <Passkeys /> : null}
    </>
  );
}
