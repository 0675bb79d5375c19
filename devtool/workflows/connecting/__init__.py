"""A Milvus reached layer by layer, and why it is not."""
