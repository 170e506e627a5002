"""all-MiniLM-L6-v2 (int8, OpenVINO), one text a run, as the product runs it."""
import os, sys, time
import numpy as np


class Embedder:
    def __init__(self, folder, out):
        import openvino
        from tokenizers import BertWordPieceTokenizer

        self.out = out
        self.tokenizer = BertWordPieceTokenizer(os.path.join(folder, "vocab.txt"), lowercase=True)
        self.tokenizer.enable_truncation(256)
        core = openvino.Core()
        options = {"INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "f32"}
        model = core.compile_model(core.read_model(os.path.join(folder, "model.onnx")), "CPU", options)
        self.names = [port.get_any_name() for port in model.inputs]
        self.request = model.create_infer_request()

    def __call__(self, texts, name):
        """Unit vectors, kept in a file so that a second run is quick."""
        path = os.path.join(self.out, name + ".base.npy")
        if os.path.exists(path) and len(np.load(path, mmap_mode="r")) == len(texts):
            return np.load(path)
        rows, began = np.empty((len(texts), 384), np.float32), time.time()
        for index, text in enumerate(texts):
            ids = np.array([self.tokenizer.encode(text).ids], np.int64)
            given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
            tokens = list(self.request.infer({key: given[key] for key in self.names}).values())[0]
            vector = tokens[0].mean(0) if tokens.ndim == 3 else tokens[0]
            rows[index] = vector / np.linalg.norm(vector)
            if index % 2000 == 1999:
                print(f"{name}: {index + 1}/{len(texts)}, {time.time() - began:.0f} s", file=sys.stderr, flush=True)
        np.save(path, rows)
        return rows
