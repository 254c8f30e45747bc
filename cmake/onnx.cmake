# The ONNX protobuf messages alone: libonnx itself registers the schemas of every operator when the
# program starts, which takes longer than the program does.
find_path(ONNX_INCLUDE_DIR onnx/onnx-ml.pb.h REQUIRED)
find_library(ONNX_PROTO_LIBRARY onnx_proto REQUIRED)
find_package(Protobuf REQUIRED)
add_library(ONNX::messages UNKNOWN IMPORTED)
set_target_properties(ONNX::messages PROPERTIES
  IMPORTED_LOCATION "${ONNX_PROTO_LIBRARY}"
  INTERFACE_INCLUDE_DIRECTORIES "${ONNX_INCLUDE_DIR}"
  INTERFACE_COMPILE_DEFINITIONS "ONNX_ML=1;ONNX_NAMESPACE=onnx"
  INTERFACE_LINK_LIBRARIES protobuf::libprotobuf)
