import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./en";

export const defaultLanguage = "en";

void i18next.use(initReactI18next).init({
  lng: defaultLanguage,
  fallbackLng: defaultLanguage,
  resources: { en: { translation: en } },
  interpolation: { escapeValue: false },
  returnNull: false,
});

export { i18next };
