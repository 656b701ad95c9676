/** Shows a line above the list of people: who has come, who is invited, and whose mail failed. */
import { useTranslation } from "../../texts/use-translation.ts";
import { useArrivals } from "./use-arrivals.ts";

type ArrivalsProps = { readonly schoolId: string; readonly onShowMissing: () => void };

export function Arrivals({ schoolId, onShowMissing }: ArrivalsProps) {
  const { t } = useTranslation();
  const { data } = useArrivals(schoolId);
  if (!data || data.people === data.signedIn) return null;
  const { people, signedIn, invited, waiting, undelivered } = data;
  return (
    <p className="arrivals" role="status">
      {t("invitations.arrivals", { people, signedIn })} {invited > 0 ? t("invitations.invited", { count: invited }) : ""}{" "}
      {waiting > 0 ? t("invitations.waiting", { count: waiting }) : ""}{" "}
      <button type="button" className="link-button" onClick={onShowMissing}>
        {t("invitations.showMissing")}
      </button>
      {undelivered.length > 0 ? (
        <span className="error">
          {" "}
          {t("invitations.undelivered", { names: undelivered.map(({ name, email }) => `${name} <${email}>`).join(", ") })}
        </span>
      ) : null}
    </p>
  );
}
