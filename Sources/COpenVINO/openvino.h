// The part of OpenVINO's C API that VidSift calls (2026.4; functions looked up by name at run time, nothing is linked).
// Declared here by hand so that the program builds without OpenVINO. The names and layouts are those of
// openvino/c/{ov_core,ov_model,ov_compiled_model,ov_infer_request,ov_tensor,ov_shape,ov_property}.h.
#ifndef VIDSIFT_OPENVINO_H
#define VIDSIFT_OPENVINO_H

#include <stddef.h>
#include <stdint.h>

typedef int ov_status;        // 0 is success
typedef int ov_element_type;  // never spelled out: tensors take the type that the model's input reports

typedef struct ov_core ov_core;
typedef struct ov_model ov_model;
typedef struct ov_compiled_model ov_compiled_model;
typedef struct ov_infer_request ov_infer_request;
typedef struct ov_tensor ov_tensor;
typedef struct ov_output_const_port ov_output_const_port;

typedef struct {
    int64_t rank;
    int64_t *dims;
} ov_shape;

typedef struct {
    const char *key;
    const void *value;  // a C string for every property used here
} ov_property;

typedef struct {
    const char *build_number;
    const char *description;
} ov_version;

typedef ov_status (*ov_get_openvino_version_function)(ov_version *version);
typedef void (*ov_version_free_function)(ov_version *version);
typedef const char *(*ov_get_last_err_msg_function)(void);
typedef void (*ov_free_function)(const char *content);

typedef ov_status (*ov_core_create_function)(ov_core **core);
typedef void (*ov_core_free_function)(ov_core *core);
typedef ov_status (*ov_core_read_model_function)(const ov_core *core, const char *model, const char *weights,
                                                 ov_model **out);
typedef ov_status (*ov_core_compile_model_props_function)(const ov_core *core, const ov_model *model,
                                                          const char *device, size_t count,
                                                          const ov_property *properties, ov_compiled_model **out);
typedef void (*ov_model_free_function)(ov_model *model);

typedef ov_status (*ov_compiled_model_port_by_name_function)(const ov_compiled_model *model, const char *name,
                                                             ov_output_const_port **out);
typedef ov_status (*ov_compiled_model_port_by_index_function)(const ov_compiled_model *model, size_t index,
                                                              ov_output_const_port **out);
typedef ov_status (*ov_port_get_element_type_function)(const ov_output_const_port *port, ov_element_type *type);
typedef void (*ov_output_const_port_free_function)(ov_output_const_port *port);
typedef ov_status (*ov_compiled_model_create_infer_request_function)(const ov_compiled_model *model,
                                                                     ov_infer_request **out);
typedef void (*ov_compiled_model_free_function)(ov_compiled_model *model);

typedef ov_status (*ov_infer_request_set_tensor_function)(ov_infer_request *request, const char *name,
                                                          const ov_tensor *tensor);
typedef ov_status (*ov_infer_request_infer_function)(ov_infer_request *request);
typedef ov_status (*ov_infer_request_get_output_tensor_by_index_function)(const ov_infer_request *request,
                                                                          size_t index, ov_tensor **out);
typedef void (*ov_infer_request_free_function)(ov_infer_request *request);

typedef ov_status (*ov_tensor_create_from_host_ptr_function)(ov_element_type type, ov_shape shape, void *data,
                                                             ov_tensor **out);
typedef ov_status (*ov_tensor_get_size_function)(const ov_tensor *tensor, size_t *elements);
typedef ov_status (*ov_tensor_data_function)(const ov_tensor *tensor, void **data);
typedef void (*ov_tensor_free_function)(ov_tensor *tensor);

#endif
