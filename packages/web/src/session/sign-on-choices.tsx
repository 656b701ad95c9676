/** Buttons that sign people in with the providers of their school. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { publicApi, unwrap } from "./api.ts";
import { errorMessage } from "./error-message.ts";

type Choice = { readonly id: string; readonly name: string };

type SignOnChoicesProps = {
  /** The school's short name; null: the only school. */
  readonly school: string | null;
  /** The text of the button for a provider. */
  readonly labelOf: (name: string) => string;
};

/** The person comes back to this page. */
export function SignOnChoices({ school, labelOf }: SignOnChoicesProps) {
  const { t } = useTranslation();
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  const [error, setError] = useState("");
  useEffect(() => {
    let isCancelled = false;
    const query = school === null ? {} : { school };
    // Without an answer, the form for passwords is there.
    unwrap(publicApi().GET("/api/v1/sign-on", { params: { query } })).then(
      ({ items }) => {
        if (!isCancelled) setChoices(items);
      },
      () => {},
    );
    return () => {
      isCancelled = true;
    };
  }, [school]);
  const begin = async (providerId: string): Promise<void> => {
    try {
      const returnTo = location.pathname + location.search;
      const { url } = await unwrap(publicApi().POST("/api/v1/sign-on", { body: { providerId, returnTo } }));
      location.assign(url);
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    }
  };
  return (
    <>
      {choices.map(({ id, name }) => (
        <button key={id} type="button" className="button" onClick={() => void begin(id)}>
          {labelOf(name)}
        </button>
      ))}
      {error ? (
        <p className="error" role="alert">
          {error}
        </p>
      ) : null}
    </>
  );
}
