/** The own account: its second factor, and where it is signed in. */
import { Stack, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { OpenSessions } from "./open-sessions.tsx";
import { SecondFactor } from "./second-factor.tsx";

export function Account() {
  const { t } = useTranslation();
  return (
    <Stack>
      <Title order={1}>{t("account")}</Title>
      <SecondFactor />
      <OpenSessions />
    </Stack>
  );
}
