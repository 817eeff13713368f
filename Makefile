# Every target is one call of bin/dev, which holds the work and its reasons.
# ARGS passes options on:  make run ARGS="--port 9000"   make test ARGS="-k embedded -x"
.PHONY: setup run test slow lint fmt types imports containers bench mutants lock pages-css pictures ci

setup run test slow lint fmt types imports containers bench mutants lock pages-css pictures:
	@bin/dev $@ $(ARGS)

ci:
	@.ci/run
