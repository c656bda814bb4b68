"""How the encoders that ship were trained; wants the optional extra ``train`` (PyTorch), which serving never does."""
