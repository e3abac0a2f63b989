// What runs in the page: Smart Forms' renderer, asked to show a response and to give it back.
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { QueryClientProvider } from "@tanstack/react-query";
import {
  BaseRenderer,
  buildForm,
  destroyForm,
  getResponse,
  removeEmptyAnswersFromResponse,
  removeInternalIdsFromResponse,
  RendererThemeProvider,
  useRendererQueryClient,
} from "@aehrc/smart-forms-renderer";

function Form() {
  const client = useRendererQueryClient();
  return createElement(
    RendererThemeProvider,
    null,
    createElement(QueryClientProvider, { client }, createElement(BaseRenderer)),
  );
}

let root;
window.show = async (questionnaire, questionnaireResponse) => {
  root?.unmount();
  destroyForm();
  await buildForm({ questionnaire, questionnaireResponse });
  const place = document.createElement("div");
  document.body.replaceChildren(place);
  root = createRoot(place);
  root.render(createElement(Form));
};
window.saved = (questionnaire) =>
  removeInternalIdsFromResponse(questionnaire, removeEmptyAnswersFromResponse(questionnaire, getResponse()));
