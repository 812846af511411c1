"""Past one machine: batches and evaluations on Ray. Needs the extra ``cluster``; nothing else imports Ray.

::

    import ray, salviewer.cluster
    pictures = ray.data.read_binary_files("s3://shop/catalogue/", include_paths=True)
    maps = salviewer.cluster.predict(pictures, model="live_net")
    maps.write_parquet("s3://shop/attention/")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salviewer.cluster.errors import ClusterError

if TYPE_CHECKING:
    from salviewer.cluster.dataset import predict

__all__ = ["ClusterError", "predict"]


def __getattr__(name: str) -> Any:
    if name == "predict":  # not while the rest of this package is imported
        from salviewer.cluster.dataset import predict

        return predict
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
