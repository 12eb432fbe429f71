"""Tests of complying.py: where data may go."""

import pytest

from readstone.complying import check_region
from readstone.errors import ConfigError
from tests.fakes import settings

IN_EUROPE = {"compliance__region": "eu-central-1,crm.example"}
SECRET = {"webhooks__secret": f"whsec_{'a' * 40}="}


@pytest.mark.parametrize(
    ("values", "elsewhere"),
    [
        ({"storage__url": "s3://b/x?region=us-east-1"}, "us-east-1"),
        ({"storage__url": "s3://b/x"}, "a bucket whose region storage.url does not name"),
        ({"webhooks__targets": "erp:https://far.example/hook", **SECRET}, "far.example"),
        ({"webhooks__allowed_hosts": "crm.example,*", **SECRET}, r"\*"),
        ({"kafka__events": "kafka://crm.example:9092,far.example/news"}, "far.example"),
        ({"kafka__documents": "kafka://far.example/in", "jobs__store": "database"}, "far.example"),
    ],
)
def test_place_elsewhere_refuses_the_start(values: dict[str, object], elsewhere: str) -> None:
    """A region that is not named may be any; the message says which place it is."""
    with pytest.raises(ConfigError, match=f"compliance.region: data would go to {elsewhere};"):
        check_region(settings(**values, **IN_EUROPE))
    check_region(settings(**values))


def test_allowed_places_are_allowed() -> None:
    """Also when there are none but this machine."""
    check_region(settings(**IN_EUROPE))
    bucket = {"storage__url": "s3://b/x?region=eu-central-1"}
    check_region(settings(**bucket, webhooks__allowed_hosts="crm.example", **SECRET, **IN_EUROPE))
