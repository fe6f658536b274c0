"""The API, version 1: its operations, who may use them, and how it answers."""

from importlib.metadata import version
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from pydantic.json_schema import models_json_schema

from bulou.api import account, areas, duties, errors, exports, facts, plans, subjects
from bulou.api.access import WAYS, Request, in_scope, signed_in
from bulou.api.docs import PlainDocs
from bulou.api.rendering import Renderer
from bulou.api.schemas import FactIn, Failure, RootOut

REFUSED = {
    "description": "Refused: what is wrong, in both languages",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}},
}


class Door(NinjaAPI):
    """The API whose document also tells what no operation declares: the shape of a fact, and of every refusal."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        template = "#/components/schemas/{model}"
        _, shapes = models_json_schema([(FactIn, "validation"), (Failure, "serialization")], ref_template=template)
        schema["components"]["schemas"] |= shapes["$defs"]
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"]["default"] = REFUSED
        return schema


api = Door(
    title="Bulou 不漏",
    version=version("bulou"),
    description="Facts in, duties out: who is being missed, by which clause, and whose job it is.",
    urls_namespace="api",
    auth=WAYS,
    docs=PlainDocs(),
    docs_decorator=signed_in,
    renderer=Renderer(),
)
errors.install(api)
api.add_decorator(in_scope)


@api.get("/", response=RootOut)
def root(request: Request) -> RootOut:
    """Where the documents of this API are."""
    here = request.path
    return RootOut(version=api.version, openapi=f"{here}openapi.json", docs=f"{here}docs")


for part in (facts, duties, subjects, areas, plans, exports, account):
    api.add_router("", part.router)
