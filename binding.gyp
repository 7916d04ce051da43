# The source fallback: `npm install` builds with it where no prebuilt binary fits. Developers build with CMakeLists.txt;
# both read the list of sources and flags in cpp/sources.json.
{
  "variables": {
    # Where Homebrew has the OpenMP runtime, which Apple does not ship.
    "libomp%": "<!(node -p \"process.env.LIBOMP_PREFIX || (process.arch === 'arm64' ? '/opt/homebrew' : '/usr/local') + '/opt/libomp'\")"
  },
  "target_defaults": {
    # What Node's common.gypi adds would win over the flags of cpp/sources.json, or differ from the developers' build.
    "cflags!": ["-fno-omit-frame-pointer", "-O3"],
    "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17", "-std=gnu++20"],
    "cflags_cc": ["<!@(node -p \"require('./cpp/sources.json').cflags.join(' ')\")"],
    "defines": ["NDEBUG"],
    "include_dirs": ["cpp"],
    "conditions": [
      ["OS=='mac'", {
        "include_dirs": ["<(libomp)/include"],
        "xcode_settings": {
          "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
          "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
          "GCC_ENABLE_CPP_RTTI": "YES",
          "GCC_OPTIMIZATION_LEVEL": "2",
          "MACOSX_DEPLOYMENT_TARGET": "11.0",
          "OTHER_CPLUSPLUSFLAGS": ["<!@(node -p \"require('./cpp/sources.json').cflags.join(' ').replace('-fopenmp', '-Xclang -fopenmp')\")"]
        }
      }]
    ]
  },
  "targets": [
    {
      "target_name": "cnnative",
      "sources": ["<!@(node -p \"require('./cpp/sources.json').common.join(' ')\")"],
      "defines": ["NAPI_VERSION=8", "NAPI_CPP_EXCEPTIONS", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "ldflags": ["-fopenmp", "-Wl,-z,nodelete"],
      "conditions": [
        ["OS=='mac'", {"libraries": ["<(libomp)/lib/libomp.a"]}],
        ["target_arch=='x64'", {"dependencies": ["kernels_avx2", "kernels_avx512"]}],
        ["target_arch=='arm64'", {"dependencies": ["kernels_neon"]}]
      ]
    }
  ],
  "conditions": [
    ["target_arch=='x64'", {
      "targets": [
        {
          "target_name": "kernels_avx2",
          "type": "static_library",
          "sources": ["<!@(node -p \"require('./cpp/sources.json').kernels.join(' ')\")"],
          "defines": ["CNNATIVE_ISA_AVX2"],
          "cflags_cc": ["<!@(node -p \"require('./cpp/sources.json').isa.x64.avx2.join(' ')\")"],
          "xcode_settings": {"OTHER_CPLUSPLUSFLAGS": ["<!@(node -p \"require('./cpp/sources.json').isa.x64.avx2.join(' ')\")"]}
        },
        {
          "target_name": "kernels_avx512",
          "type": "static_library",
          "sources": ["<!@(node -p \"require('./cpp/sources.json').kernels.join(' ')\")"],
          "defines": ["CNNATIVE_ISA_AVX512"],
          "cflags_cc": ["<!@(node -p \"require('./cpp/sources.json').isa.x64.avx512.join(' ')\")"],
          "xcode_settings": {"OTHER_CPLUSPLUSFLAGS": ["<!@(node -p \"require('./cpp/sources.json').isa.x64.avx512.join(' ')\")"]}
        }
      ]
    }],
    ["target_arch=='arm64'", {
      "targets": [
        {
          "target_name": "kernels_neon",
          "type": "static_library",
          "sources": ["<!@(node -p \"require('./cpp/sources.json').kernels.join(' ')\")"],
          "defines": ["CNNATIVE_ISA_NEON"],
          "cflags_cc": ["<!@(node -p \"require('./cpp/sources.json').isa.arm64.neon.join(' ')\")"],
          "xcode_settings": {"OTHER_CPLUSPLUSFLAGS": ["<!@(node -p \"require('./cpp/sources.json').isa.arm64.neon.join(' ')\")"]}
        }
      ]
    }]
  ]
}
