# `make lab` to learn, `make test` to check. Each works alone in a fresh clone, and again at
# once the second time. It needs only make and Python 3.11 or newer with venv.
# Runs on GNU make 3.81, the one that macOS ships, and any POSIX sh.

PORT = 8888
NB = notebooks/*.ipynb
DIR = submissions
ASKED =
SERIES =
FOR =
PY = .venv/bin/python
PRESS = build/npm
FRAMEWORKS = .venv-frameworks
HUB = .venv-hub
GRADERS = .venv-graders
SITE = .venv-site
OLDEST = .venv-oldest
DISPATCHED = from numpy._core._multiarray_umath import __cpu_dispatch__; print(*__cpu_dispatch__)

# tools/install.sh reads it; empty means "look for one".
PYTHON =
export PYTHON

.PHONY: help lab test test-oldest test-processor test-browser test-frameworks test-hub test-graders test-site lint format links refresh minutes solutions student offline handouts slides pages mark nbgrader otter site record bench mutants lock release clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

lab: ## open your copies of the pages, in my/, in JupyterLab (PORT=8889 for another port)
	@sh tools/install.sh lab
	@$(PY) -m smlearn open --port "$(PORT)"

test: ## run the linter and every test, the notebooks included
	@sh tools/install.sh lab,test
	$(PY) -m ruff check
	$(PY) -m pytest

# What pyproject.toml promises with its >=. The oldest Python, too: the oldest NumPy is not built
# for the newest. Beside them everything else is as new as can be.
test-oldest: ## run every test with the oldest versions that pyproject.toml allows
	@PYTHON="$${PYTHON:-python3.11}" sh tools/install.sh lab,test $(OLDEST) oldest
	$(OLDEST)/bin/python -m pytest

# NumPy and the BLAS in it choose their code by the processor, and the last digits differ. Here they
# take what every processor of the kind can run; NumPy itself knows the names of the rest.
test-processor: ## run the notebooks as an old processor rounds: no page may show which one it was
	@sh tools/install.sh lab,test
	NPY_DISABLE_CPU_FEATURES="$$($(PY) -c '$(DISPATCHED)')" OPENBLAS_CORETYPE=Nehalem \
	    $(PY) -m pytest notebooks

# Pictures of every page, to be looked at, are in build/browser afterwards.
test-browser: $(PRESS)/node_modules/.fetched ## open notebooks, hand-outs and slides in Chromium (some minutes)
	@sh tools/install.sh lab,test,browser
	$(PY) -m pytest -n 0 tests/browser
	$(PY) -m pytest -n 0 tests/paper

# On Linux pip takes the PyTorch for NVIDIA cards, several gigabytes. PyTorch's own index has a
# small one for processors alone; pip prefers it if PIP_EXTRA_INDEX_URL names that index.
# Only the notebooks that ask for a second opinion are run there.
test-frameworks: ## ask PyTorch, JAX and the others whether they say what was recorded of them
	@sh tools/install.sh lab,test,frameworks $(FRAMEWORKS)
	$(FRAMEWORKS)/bin/python -m pytest tests/frameworks \
	    $$(grep -l smlearn.second_opinions notebooks/*.ipynb)

# The hub needs a proxy, which npm brings. Figures are in build/hub.json afterwards.
test-hub: ## start a JupyterHub on this machine, and let a class of 20 use it (two minutes)
	@sh tools/install.sh lab,test,hub $(HUB)
	@command -v npm >/dev/null || \
	    { echo "The hub needs a proxy from npm, which is not here: install Node.js."; exit 1; }
	@test -e $(HUB)/proxy/node_modules/.bin/configurable-http-proxy || \
	    npm install --silent --no-audit --no-fund --prefix $(HUB)/proxy configurable-http-proxy@5.3.0
	$(HUB)/bin/python -m pytest -n 0 -s tests/hub/test_hub.py

test-graders: ## let nbgrader and otter themselves mark copies: solved, untouched, wrong (two minutes)
	@sh tools/install.sh lab,test,graders $(GRADERS)
	$(GRADERS)/bin/python -m pytest -n 0 tests/graders

test-site: $(PRESS)/node_modules/.fetched ## build the website anew and open every page: links, contrast, phone, formulas, search
	@sh tools/install.sh lab,test,browser,site $(SITE)
	$(SITE)/bin/python -m pytest -n 0 tests/site

lint: ## check style, types and spelling, changing nothing
	@sh tools/install.sh lab,test
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(PY) -m codespell_lib

format: ## sort the imports and format what is meant to be formatted
	@sh tools/install.sh lab,test
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

# The only check that needs the network; a page that moved is no reason to stop a test.
links: ## ask every external link of the texts and pages whether it still leads somewhere
	@sh tools/install.sh lab,test
	@$(PY) tools/links.py

refresh: ## run the notebooks again and store their outputs (NB=notebooks/01_x.ipynb for one)
	@sh tools/install.sh lab,test
	@$(PY) tools/refresh.py $(NB)
	@$(PY) tools/course_map.py
	@$(PY) tools/teaching.py

minutes: ## say how long each notebook takes, section by section (NB=notebooks/01_x.ipynb for one)
	@sh tools/install.sh lab,test
	@$(PY) tools/minutes.py $(NB)

solutions: ## write the notebooks with every exercise solved into solutions/, for teachers
	@sh tools/install.sh lab,test
	@$(PY) tools/copies.py

student: ## write the course for learners, no result in it, as a zip that starts, into student/
	@sh tools/install.sh lab,test
	@$(PY) tools/handout.py student

# FOR="windows-3.13 macos-3.12" adds wheels for other systems and their Python.
offline: ## write the course with all that it needs into offline/, for machines without a network
	@sh tools/install.sh lab,test,installer
	@$(PY) tools/handout.py offline $(FOR)

# Formulas are set by MathJax and slides turned by reveal.js. npm fetches both, once; nothing that
# is made needs them, or a network, afterwards.
$(PRESS)/node_modules/.fetched: Makefile
	@command -v npm >/dev/null || \
	    { echo "Hand-outs, slides, pages and the website need npm, which is not here: install Node.js."; exit 1; }
	@echo "Fetching MathJax and reveal.js with npm."
	@npm install --silent --no-audit --no-fund --prefix $(PRESS) \
	    mathjax@4.1.3 @mathjax/mathjax-newcm-font@4.1.3 reveal.js@6.0.2
	@touch $@

handouts: $(PRESS)/node_modules/.fetched ## print laws, cores and predictions into build/handouts, for teachers
	@sh tools/install.sh lab,test,browser
	@$(PY) tools/handouts.py

slides: $(PRESS)/node_modules/.fetched ## make slides of the predictions into build/slides, for teachers
	@sh tools/install.sh lab,test,browser
	@$(PY) tools/slides.py

# JupyterLab's Print, and nbconvert, fetch MathJax from another host; this needs no network.
pages: $(PRESS)/node_modules/.fetched ## print notebooks as they are, with formulas, into build/pages (NB=... for one)
	@sh tools/install.sh lab,test,browser
	@$(PY) tools/whole_pages.py $(NB)

# ASKED="01 two_costs" counts a notebook and an exercise alone, whatever else came in.
mark: ## run and judge what a class handed in (DIR=submissions), into marks/, for teachers
	@sh tools/install.sh lab
	@$(PY) -m smlearn.marking "$(DIR)" $(if $(ASKED),--asked $(ASKED))

nbgrader: ## write the notebooks as a course folder of nbgrader into nbgrader/, for teachers
	@sh tools/install.sh lab,test
	@$(PY) tools/graders.py nbgrader

otter: ## write the notebooks as assignments of otter into otter/, for teachers
	@sh tools/install.sh lab,test
	@$(PY) tools/graders.py otter

# Links to Binder and to the source are those of git's own remote; REPO=owner/name is another, and
# REPO= leaves them out.
site: $(PRESS)/node_modules/.fetched ## build the website into build/site: it works from a file, and asks no other host
	@sh tools/install.sh lab,test,browser,site $(SITE)
	@$(SITE)/bin/python tools/site_build.py $(PRESS)/node_modules

record: ## ask the frameworks again and write down what they say (two minutes)
	@sh tools/install.sh lab,test,frameworks $(FRAMEWORKS)
	@$(FRAMEWORKS)/bin/python tools/record.py

# With SERIES=--series each notebook is timed, too. Tables are in build/bench afterwards.
bench: ## measure the course beside its competitors, in one run (ten minutes, on a quiet machine)
	@sh tools/install.sh lab,test,frameworks $(FRAMEWORKS)
	@$(FRAMEWORKS)/bin/python benchmarks/gradcheck.py
	@$(FRAMEWORKS)/bin/python benchmarks/softmax.py $(SERIES)

# Hours on two cores: each mutant meets the unit tests that enter what is changed, then the notebooks.
# To have some of it, name modules: tools/mutants.py formulas/forward
mutants: ## take one thing at a time out of the numerics, the checker and the judge, and see who notices
	@sh tools/install.sh lab,test
	@$(PY) tools/mutants.py

# A requirements-style lock, because uv.lock and pylock.toml name the registry they came from.
lock: ## choose the newest versions for constraints.txt
	@sh tools/install.sh
	@$(PY) -m uv --version >/dev/null 2>&1 || $(PY) -m pip install -q uv
	$(PY) -m uv pip compile -q --universal --upgrade --no-header --no-annotate --extra lab \
	    --extra test --extra browser --extra graders --extra hub --extra installer --extra site \
	    --python-version 3.11 --output-file constraints.txt pyproject.toml

release: ## build wheel, sdist and notes into dist/ and try them; say which tag to set, push nothing
	@sh tools/install.sh lab,test
	@$(PY) tools/release.py

clean: ## remove the environments and every cache
	rm -rf .venv $(FRAMEWORKS) $(GRADERS) $(HUB) $(OLDEST) $(SITE) .pytest_cache .mypy_cache \
	    .ruff_cache .hypothesis build dist solutions student offline nbgrader otter
	find smlearn tests tools notebooks \( -name __pycache__ -o -name .ipynb_checkpoints \) \
	    -prune -exec rm -rf {} +
