"""Past one machine: batches and evaluations on Ray. Needs the extra ``cluster``; nothing else imports Ray.

::

    import ray, salviewer.cluster
    pictures = ray.data.read_binary_files("s3://shop/catalogue/", include_paths=True)
    maps = salviewer.cluster.predict(pictures, model="live_net")
    maps.write_parquet("s3://shop/attention/")
"""

from __future__ import annotations
