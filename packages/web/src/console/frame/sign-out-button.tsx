/** Ends the session, and leaves the page to the sign-in form. */
import { Button } from "@lectern/ui";
import { LEAVE_ICON } from "@lectern/ui/icons";
import { useSignOut } from "../../session/use-sign-out.ts";
import { useTranslation } from "../../texts/use-translation.ts";

export function SignOutButton() {
  const { t } = useTranslation();
  const { signOut, error } = useSignOut(() => window.location.reload());
  return (
    <>
      {error ? <span role="alert">{error}</span> : null}
      <Button kind="quiet" icon={LEAVE_ICON} onClick={signOut}>
        {t("signOut")}
      </Button>
    </>
  );
}
