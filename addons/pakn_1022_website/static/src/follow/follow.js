import { start } from "../site/site.js";
import "./codes.js";
import { keepForms } from "../common/drafts.js";
import { watchFiles } from "../common/files.js";

/** The citizen's page of a request: photos are made small, what is typed is kept. */
start(".o_pakn_reply, .o_pakn_rate", (form) => watchFiles(form.querySelector("input[type=file]")));
start("main", (main) => keepForms(main.querySelectorAll(".o_pakn_reply, .o_pakn_rate")));
