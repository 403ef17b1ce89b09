"""`python tests/chassis/run_lending.py`: the lending service of the tests as a process."""

from tests.chassis.lending import service

service.main()
