# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes networks with PyTorch in every form that Orrery shall open, and in the
forms that it shall refuse: make-networks.py FOLDER

The values are known in advance (see check_values() in test-network-file.c) and
exact in 16 bits. Good files are called good-*, those with biases good-biased-*."""
import collections
import os
import pickle
import sys
import zipfile

import numpy as np
import torch
from torch import nn

H, D, K = 6, 4, 3
folder = sys.argv[1]


def path(name):
    return os.path.join(folder, name)


def numbers(n, step, modulus):
    return ((torch.arange(n) * step) % modulus - modulus // 2).float() / 16


def weights(biased=False):
    state = collections.OrderedDict()
    state['rnn.weight_ih_l0'] = numbers(H * D, 5, 13).reshape(H, D)
    state['rnn.weight_hh_l0'] = numbers(H * H, 7, 17).reshape(H, H)
    if biased:
        state['rnn.bias_ih_l0'] = numbers(H, 3, 11)
        state['rnn.bias_hh_l0'] = numbers(H, 2, 7)
    state['fc.weight'] = numbers(K * H, 3, 11).reshape(K, H)
    if biased:
        state['fc.bias'] = numbers(K, 1, 5)
    return state


def renamed(change, biased=False):
    return collections.OrderedDict((change(k), v) for k, v in weights(biased).items())


class Model(nn.Module):
    def __init__(self, biased=False, kind=nn.RNN, **options):
        super().__init__()
        self.rnn = kind(D, H, bias=biased, **options)
        self.fc = nn.Linear(H * (2 if options.get('bidirectional') else 1), K, bias=biased)


def trained(biased=False):
    """A real model and optimiser, with moments of the same shapes as the weights."""
    model = Model(biased, nonlinearity='relu')
    optimizer = torch.optim.Adam(model.parameters())
    hidden, _ = model.rnn(torch.ones(1, 2, D))
    model.fc(hidden).sum().backward()
    optimizer.step()
    model.load_state_dict(weights(biased))
    return model, optimizer


def good():
    torch.save(weights(), path('good-plain.pth'))
    torch.save(weights(True), path('good-biased-plain.pth'))
    torch.save(trained()[0].state_dict(), path('good-model.pt'))
    torch.save(trained(True)[0].state_dict(), path('good-biased-model.pt'))
    torch.save(dict(weights()), path('good-dict.pth'))
    torch.save(weights(), path('good-protocol4.pth'), pickle_protocol=4)
    for prefix in 'module.', 'model.', 'module.net.', '_orig_mod.':
        torch.save(renamed(lambda k: prefix + k), path('good-prefix-%s.pth' % prefix.replace('.', '-')))
    torch.save(renamed(lambda k: k.replace('rnn.', '')), path('good-bare.pth'))
    torch.save(renamed(lambda k: k.replace('_l0', '').replace('rnn', 'cell'), True), path('good-biased-cell.pth'))
    for name in 'out', 'linear', 'decoder', 'readout.0':
        torch.save(renamed(lambda k: k.replace('fc', name), True), path('good-biased-%s.pth' % name))
    for kind in torch.float64, torch.float16, torch.bfloat16:
        torch.save({k: v.to(kind) for k, v in weights(True).items()},
                   path('good-biased-%s.pth' % str(kind).split('.')[1]))

    views = weights()
    views['rnn.weight_hh_l0'] = views['rnn.weight_hh_l0'].t().contiguous().t()
    large = torch.full((2 * H, 3 * D), 7.0)
    large[3:3 + H, 5:5 + D] = views['rnn.weight_ih_l0']
    views['rnn.weight_ih_l0'] = large[3:3 + H, 5:5 + D]
    torch.save(views, path('good-views.pth'))

    pool = torch.cat([v.flatten() for v in weights().values()])
    shared, at = collections.OrderedDict(), 0
    for k, v in weights().items():
        shared[k] = pool[at:at + v.numel()].view(v.shape)
        at += v.numel()
    shared['rnn_tied_copy'] = shared['rnn.weight_hh_l0']
    torch.save(shared, path('good-shared-storage.pth'))

    model, optimizer = trained(True)
    for key in 'state_dict', 'model_state_dict', 'model', 'net', 'my_network':
        torch.save({'epoch': 3, 'optimizer_state_dict': optimizer.state_dict(), 'loss': np.float64(4.1),
                    'losses': [1.0, 2.0], 'arguments': {'lr': 1e-3, 'nonlinearity': 'relu'}, 'none': None,
                    'big': 2 ** 70, 'size': torch.Size([2]), 'set': {1}, 'device': torch.device('cpu'), key: model.state_dict()},
                   path('good-biased-checkpoint-%s.pth' % key))
    torch.save({'rnn': model.rnn.state_dict(), 'fc': model.fc.state_dict(), 'optimizer': optimizer.state_dict()},
               path('good-biased-modules.pth'))
    torch.save(dict(model.named_parameters()), path('good-biased-parameters.pth'))
    torch.save({'state_dict': weights(), 'config': {'activation': 'tanh'}}, path('good-tanh.pth'))

    # What PyTorch 2 adds to the archive; the numbers in the other byte order too.
    for order in 'little', 'big':
        with zipfile.ZipFile(path('good-plain.pth')) as old, \
             zipfile.ZipFile(path('good-torch2-%s.pth' % order), 'w') as new:
            for name in old.namelist():
                content = old.read(name)
                if '/data/' in name and order == 'big':
                    content = np.frombuffer(content, '<f4').astype('>f4').tobytes()
                new.writestr(name.replace('good-plain', 'archive'), content)
            new.writestr('archive/byteorder', order)
            new.writestr('archive/.format_version', '1')
            new.writestr('archive/.storage_alignment', '64')
            new.writestr('archive/.data/serialization_id', '0' * 40)


class Evil:
    def __reduce__(self):
        return (os.system, ('touch ' + path('executed'),))


def bad():
    torch.save(weights(), path('bad-legacy.pth'), _use_new_zipfile_serialization=False)
    torch.save(Model(num_layers=2).state_dict(), path('bad-layers.pth'))
    torch.save(Model(bidirectional=True).state_dict(), path('bad-bidirectional.pth'))
    torch.save(Model(kind=nn.LSTM).state_dict(), path('bad-lstm.pth'))
    torch.save(Model(kind=nn.GRU).state_dict(), path('bad-gru.pth'))
    torch.save(Model(), path('bad-whole-model.pth'))
    torch.save({'state_dict': weights(), 'run': Evil()}, path('bad-evil.pth'))
    torch.save([1, 2], path('bad-list.pth'))
    torch.save({'a': 1}, path('bad-empty.pth'))
    with open(path('bad-pickle.pth'), 'wb') as file:
        pickle.dump({'a': 1}, file, protocol=2)
    torch.jit.script(nn.Linear(2, 2)).save(path('bad-script.pt'))

    def save(name, **changes):
        state = weights(True)
        for key, value in changes.items():
            key = key.replace('__', '.')
            if value is None:
                del state[key]
            else:
                state[key] = value
        torch.save(state, path(name))

    save('bad-no-readout.pth', fc__weight=None, fc__bias=None)
    save('bad-no-input.pth', rnn__weight_ih_l0=None)
    save('bad-no-recurrent.pth', rnn__weight_hh_l0=None)
    save('bad-readout-shape.pth', fc__weight=torch.zeros(K, H + 1))
    save('bad-input-shape.pth', rnn__weight_ih_l0=torch.zeros(D, H))
    save('bad-square.pth', rnn__weight_hh_l0=torch.zeros(H, H + 1))
    save('bad-bias-shape.pth', fc__bias=torch.zeros(K + 1))
    save('bad-nan.pth', fc__weight=torch.full((K, H), float('nan')))
    save('bad-deep-readout.pth', fc__weight=None, fc__bias=None, fc__0__weight=torch.zeros(5, H),
         fc__2__weight=torch.zeros(K, 5))
    save('bad-two-readouts.pth', fc__weight=None, fc__bias=None, a__weight=torch.zeros(2, H),
         b__weight=torch.zeros(3, H))
    save('bad-two-recurrent.pth', second__weight_hh_l0=torch.zeros(H, H))
    torch.save({'state_dict': weights(), 'activation': 'gelu'}, path('bad-activation.pth'))

    with open(path('good-plain.pth'), 'rb') as file:
        content = file.read()
    with open(path('bad-cut.pth'), 'wb') as file:
        file.write(content[:len(content) // 2])
    with zipfile.ZipFile(path('good-plain.pth')) as whole, zipfile.ZipFile(path('bad-storage.pth'), 'w') as part:
        for name in whole.namelist():
            if not name.endswith('/data/1'):
                part.writestr(name, whole.read(name))
    with zipfile.ZipFile(path('good-plain.pth')) as whole, zipfile.ZipFile(path('bad-short-storage.pth'), 'w') as part:
        for name in whole.namelist():
            part.writestr(name, whole.read(name)[:100 if name.endswith('/data/1') else None])


good()
bad()
