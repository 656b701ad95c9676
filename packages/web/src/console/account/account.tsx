/** Shows the own account: its second factor and passkeys, the providers that sign in to it, and where it is signed in. */
import { Stack, Title } from "@mantine/core";
import { useTranslation } from "../../texts/use-translation.ts";
import { LinkedProviders } from "./linked-providers.tsx";
import { OpenSessions } from "./open-sessions.tsx";
import { Passkeys } from "./passkeys.tsx";
import { ProofForm } from "./proof-form.tsx";
import { SecondFactor } from "./second-factor.tsx";

export function Account() {
  const { t } = useTranslation();
  return (
    <Stack>
      <Title order={1}>{t("account")}</Title>
      <SecondFactor />
      <Passkeys />
      <LinkedProviders />
      <ProofForm />
      <OpenSessions />
    </Stack>
  );
}
